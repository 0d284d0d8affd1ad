/**
 * The rate at which a browser begins to send video.
 *
 * Chromium begins at 300 kbit/s whatever the path carries, so the first picture, by far the largest, trickles
 * out: that takes longer than all the rest of a call's beginning (measured on a loopback at 720p: connected
 * after 95 ms, seen after 310). libwebrtc reads `x-google-start-bitrate` from the format parameters of the
 * codecs that the other side describes; browsers without it pass over the name. From there on the congestion
 * controller goes up and down as the path allows.
 */

/**
 * 1000 kbit/s (guess: most paths carry it). One that does not is overdriven until the congestion controller
 * hears of it, a round trip or some later.
 */
const PARAMETER = 'x-google-start-bitrate=1000'

const VIDEO_CODEC = /^a=rtpmap:(\d+) (?:VP8|VP9|AV1|H264|H265)\/90000\r\n/gm

/** A remote description, with that rate among the parameters of every video codec in it. */
export function withStartRate(sdp: string): string {
  return [...sdp.matchAll(VIDEO_CODEC)].reduce((text, [line, type]) => {
    const format = `a=fmtp:${type} `
    // One line of parameters for each codec: what more there were would not be read by all.
    return text.includes(format)
      ? text.replace(format, `${format}${PARAMETER};`)
      : text.replace(line, `${line}${format}${PARAMETER}\r\n`)
  }, sdp)
}
