// Tells the page why the camera did not open. The video lives in a frame that keeps this to itself; it is of our own origin,
// so its request for the camera can be listened to. Nothing is changed: the frame gets the same stream, or the same error.
const LISTENING = Symbol.for("mien.listening");
const told = new WeakSet();

export default function ({ setTriggerValue, parentElement }) {
  const tell = (name) => setTriggerValue("trouble", name);
  const listen = (media) => {
    if (media[LISTENING]) { media[LISTENING].tell = tell; return; }
    const ask = media.getUserMedia.bind(media);
    const listener = { tell };
    media.getUserMedia = (wanted) => ask(wanted).catch((error) => { listener.tell(error.name); throw error; });
    media[LISTENING] = listener;
  };
  const look = () => {
    for (const frame of document.querySelectorAll("iframe[title*='webrtc']")) {
      let media;
      try { media = frame.contentWindow?.navigator.mediaDevices; } catch { continue; }
      if (media) listen(media);
    }
  };
  if (!window.isSecureContext && !told.has(parentElement)) {
    told.add(parentElement);
    tell("InsecureContext");
  }
  look();
  const timer = setInterval(look, 250);
  return () => clearInterval(timer);
}
