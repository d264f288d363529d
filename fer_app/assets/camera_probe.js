// Tells the page why the camera did not open. The video lives in a frame that keeps this to itself; it is of our own origin,
// so its request for the camera can be listened to: it gets the same stream, or the same error. And it is spared the news of a
// connection that is gone for a moment: it would end the video at once, where a busy server or a weak network soon goes on.
const LISTENING = Symbol.for("mien.listening");
const told = new WeakSet();

export default function ({ data, setTriggerValue, parentElement }) {
  const tell = (name) => setTriggerValue("trouble", name);
  // Not worth telling: another camera that did not open while one goes on, and a remembered one that is gone, since the frame asks for
  // any other next.
  const passes = (error, wanted, view) =>
    ["connected", "disconnected"].includes(view[LISTENING]?.peer?.connectionState)
    || (error.name === "OverconstrainedError" && Boolean(wanted?.video?.deviceId));
  const listen = (media, page, view) => {
    if (media[LISTENING]) { Object.assign(media[LISTENING], { tell, stop: data.stop }); return; }
    const ask = media.getUserMedia.bind(media);
    const listener = { tell, stop: data.stop, stops: 0 }; // both change with the page: another run, another language
    media.getUserMedia = async (wanted) => {
      const before = listener.stops;
      const stream = await ask(wanted).catch((error) => {
        if (!passes(error, wanted, view)) listener.tell(error.name);
        throw error;
      });
      if (listener.stops === before) return stream;
      // Stop was pressed while the browser still asked: the video's frame has stopped and would leave this camera on.
      stream.getTracks().forEach((track) => track.stop());
      return new Promise(() => {});
    };
    page.addEventListener("click", (event) => {
      if (event.target.closest("button")?.textContent.trim() === listener.stop) listener.stops++;
    }, true);
    media[LISTENING] = listener;
  };
  const spare = (view) => {
    const Usual = view.RTCPeerConnection;
    if (!Usual || view[LISTENING]) return;
    const known = view[LISTENING] = { peer: null }; // camera_pace.js asks it to send less
    view.RTCPeerConnection = class extends Usual {
      constructor(...settings) {
        super(...settings);
        known.peer = this;
        // Heard before any other listener. What stays away is "failed" some seconds later, and that is passed on.
        this.addEventListener("connectionstatechange", (event) => {
          if (this.connectionState === "disconnected") event.stopImmediatePropagation();
        });
      }
    };
  };
  const look = () => {
    for (const frame of document.querySelectorAll("iframe[title*='webrtc']")) {
      let media;
      try { media = frame.contentWindow?.navigator.mediaDevices; } catch { continue; }
      if (!media || !frame.contentDocument) continue;
      listen(media, frame.contentDocument, frame.contentWindow);
      spare(frame.contentWindow);
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
