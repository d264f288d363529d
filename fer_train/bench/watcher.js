// Watches one live view: the camera's own track and the painted one, side by side, by the number that each frame carries.
// On a busy machine the browser tells of a part of the frames that it shows; how many it showed in all it tells with each.
// Installed in every frame of the page before its own scripts run; the one with the video does the work.
(() => {
  if (!navigator.mediaDevices) return;
  const seen = { own: [], delays: [], looks: [], first: null };
  window.mienWatch = seen;
  const WIDTH = 640, BITS = 8, FIELD = 20, FIELDS = BITS + 2, KEPT_MS = 3500;  // numbers start again after four seconds
  // The number of a frame; null where no strip stands, as in a frame that was not painted: painted ones are mirrored.
  // Only the strip's brightness is copied: drawing whole frames would take from the server what is to be measured.
  const codeOf = async (video, mirrored) => {
    const frame = new VideoFrame(video);
    const part = frame.codedWidth / WIDTH;  // a browser that has too little bandwidth sends smaller frames
    const even = (length) => 2 * Math.round((length * part) / 2);
    const [width, height] = [even(FIELDS * FIELD), even(FIELD)];
    const [x, y] = [mirrored ? frame.codedWidth - width : 0, frame.codedHeight - height];
    const bytes = new Uint8Array(2 * width * height);
    try {
      const [{ offset, stride }] = await frame.copyTo(bytes, { rect: { x, y, width, height } });
      const middle = offset + Math.floor(height / 2) * stride;
      const fields = Array.from({ length: FIELDS }, (_, i) => (bytes[middle + Math.floor((i + 0.5) * FIELD * part)] > 127 ? 1 : 0));
      if (mirrored) fields.reverse();
      return fields[0] === 1 && fields[1] === 0 ? fields.slice(2).reduce((code, bit) => 2 * code + bit, 0) : null;
    } finally {
      frame.close();
    }
  };
  const each = (video, look) => {
    const next = (now, { presentedFrames }) => { look(now, presentedFrames); video.requestVideoFrameCallback(next); };
    video.requestVideoFrameCallback(next);
  };
  // When the camera showed a number last: between the frames that the browser told of, numbers went up evenly.
  const shownAt = (code) => {
    for (let i = seen.own.length - 1; i > 0; i--) {
      const [[before, low], [after, high]] = [seen.own[i - 1], seen.own[i]];
      if (low < code && code <= high) return after - ((high - code) / (high - low)) * (after - before);
    }
  };
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    const own = document.createElement("video");
    own.muted = true;
    own.srcObject = stream.clone();
    own.play();
    each(own, async (now) => {
      seen.own.push([now, await codeOf(own, false)]);
      while (seen.own[0][0] < now - KEPT_MS) seen.own.shift();
    });
    return stream;
  };
  let last = null;
  const watch = (video) => {
    if (video.mienWatched) return;
    video.mienWatched = true;
    each(video, async (now, presented) => {
      const code = await codeOf(video, true);
      const isNew = code !== null && code !== last;  // painted, and not the same painted frame sent again
      seen.looks.push([now, presented, isNew]);
      if (!isNew) return;
      last = code;
      seen.first ??= now;
      const shown = shownAt(code);
      if (shown !== undefined && now > shown) seen.delays.push(now - shown);
    });
  };
  setInterval(() => document.querySelectorAll("video").forEach(watch), 20);
})();
