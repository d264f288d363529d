// Asks the same TURN servers from the visitor's side: may this browser use a relay, and by which protocol?
export default function ({ data, setTriggerValue }) {
  if (!data?.servers?.length || window.mienRelayAsked === data.asked) return;
  window.mienRelayAsked = data.asked;
  const peer = new RTCPeerConnection({ iceServers: data.servers, iceTransportPolicy: "relay" });
  const relays = new Set();
  const done = () => { clearTimeout(timer); peer.close(); setTriggerValue("answer", { asked: data.asked, relays: [...relays] }); };
  const timer = setTimeout(done, data.wait_ms);
  peer.onicecandidate = ({ candidate }) => {
    if (!candidate) return done();
    if (candidate.type === "relay") relays.add(candidate.relayProtocol || candidate.protocol);
  };
  peer.createDataChannel("relay");
  peer.createOffer().then((offer) => peer.setLocalDescription(offer));
}
