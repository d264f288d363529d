// Watches one live view: the camera's own track and the painted one, side by side, by the number that each frame carries.
// Installed in every frame of the page before its own scripts run; the one with the video does the work.
(() => {
  if (!navigator.mediaDevices) return;
  const seen = { own: new Map(), delays: [], times: [], first: null };
  window.mienWatch = seen;
  const WIDTH = 640, BITS = 8, FIELD = 20, FIELDS = BITS + 2;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [FIELDS * FIELD, FIELD];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  // The number of a frame; null where no strip stands, as in a frame that was not painted: painted ones are mirrored.
  const codeOf = (video, mirrored) => {
    const [w, h] = [video.videoWidth, video.videoHeight];
    const part = w / WIDTH;  // a browser that has too little bandwidth sends smaller frames
    const [wide, high] = [FIELDS * FIELD * part, FIELD * part];
    pen.drawImage(video, mirrored ? w - wide : 0, h - high, wide, high, 0, 0, FIELDS * FIELD, FIELD);
    const { data } = pen.getImageData(0, FIELD / 2, FIELDS * FIELD, 1);
    const fields = [];
    for (let i = 0; i < FIELDS; i++) fields.push(data[4 * (i * FIELD + FIELD / 2)] > 127 ? 1 : 0);
    if (mirrored) fields.reverse();
    return fields[0] === 1 && fields[1] === 0 ? fields.slice(2).reduce((code, bit) => 2 * code + bit, 0) : null;
  };
  const each = (video, look) => {
    const next = (now) => { look(now); video.requestVideoFrameCallback(next); };
    video.requestVideoFrameCallback(next);
  };
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    const own = document.createElement("video");
    own.muted = true;
    own.srcObject = stream.clone();
    own.play();
    each(own, (now) => seen.own.set(codeOf(own, false), now));
    return stream;
  };
  let last = null;
  const watch = (video) => {
    if (video.mienWatched) return;
    video.mienWatched = true;
    each(video, (now) => {
      const code = codeOf(video, true);
      if (code === null || code === last) return;  // not painted, or the same painted frame sent again
      last = code;
      seen.first ??= now;
      seen.times.push(now);
      const shown = seen.own.get(code);
      if (shown !== undefined && now > shown && now - shown < 4000) seen.delays.push(now - shown);
    });
  };
  setInterval(() => document.querySelectorAll("video").forEach(watch), 20);
})();
