/** ICE servers as an introduction brings them, made fit for an RTCPeerConnection: no field that is not set. */

export function cleanIce({
  urls,
  username,
  credential,
}: {
  urls: string[]
  username?: string | undefined
  credential?: string | undefined
}): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }
}
