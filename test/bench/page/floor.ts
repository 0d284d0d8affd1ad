/**
 * The floor: two RTCPeerConnections in one page, signalled by function calls. No call between two people can
 * begin faster than the browser makes its media flow.
 */
import { firstFrame, show } from './screen.ts'

/** Milliseconds from the start to the first remote frame. */
export async function floor(camera: MediaStream): Promise<number> {
  const pressed = performance.now()
  const [caller, callee] = [new RTCPeerConnection(), new RTCPeerConnection()]
  try {
    const theirs = remoteOf(caller)
    void remoteOf(callee).then(show)
    for (const [from, to] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      // Gathering begins with a local description, which is handed over first: the candidate queues behind it.
      from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate)
    }
    for (const track of camera.getTracks()) caller.addTrack(track, camera)
    await caller.setLocalDescription()
    await callee.setRemoteDescription(caller.localDescription ?? { type: 'rollback' })
    for (const track of camera.getTracks()) callee.addTrack(track, camera)
    await callee.setLocalDescription()
    await caller.setRemoteDescription(callee.localDescription ?? { type: 'rollback' })
    return (await firstFrame(await theirs)) - pressed
  } finally {
    caller.close()
    callee.close()
  }
}

function remoteOf(connection: RTCPeerConnection): Promise<MediaStream> {
  return new Promise((resolve) => {
    connection.ontrack = ({ streams: [stream] }) => {
      if (stream !== undefined) resolve(stream)
    }
  })
}
