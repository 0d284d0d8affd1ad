/** The screen on which a person sees the other: one <video> a call. */

/** Shows a stream, in place of what was shown. */
export function show(stream: MediaStream): HTMLVideoElement {
  const video = document.createElement('video')
  video.autoplay = true
  video.srcObject = stream
  document.body.replaceChildren(video)
  return video
}

/** Shows a stream; resolves with the moment of its first frame, as `performance.now()` has it. */
export function firstFrame(stream: MediaStream): Promise<number> {
  const video = show(stream)
  return new Promise((resolve) => video.requestVideoFrameCallback(() => resolve(performance.now())))
}
