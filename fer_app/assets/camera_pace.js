// Asks the browser to send so many frames a second. The video's frame keeps its connection to itself; camera_probe.js remembers it.
// The camera itself is left alone: to ask it for another rate may begin it anew.
const LISTENING = Symbol.for("mien.listening");

export default function ({ data }) {
  for (const frame of document.querySelectorAll("iframe[title*='webrtc']")) {
    let senders;
    try { senders = frame.contentWindow?.[LISTENING]?.peer?.getSenders() ?? []; } catch { continue; }
    for (const sender of senders) {
      const asked = sender.getParameters();
      if (sender.track?.kind !== "video" || !asked.encodings?.length || asked.encodings[0].maxFramerate === data.fps) continue;
      asked.encodings[0].maxFramerate = data.fps;
      sender.setParameters(asked).catch(() => {}); // a browser that cannot do it goes on as it is
    }
  }
}
