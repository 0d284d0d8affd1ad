/**
 * Opening camera and microphone, and telling apart the ways in which that fails.
 *
 * One calls with what one has: both are asked for together (one question to the person), and if that fails
 * each alone, so that a missing camera does not take the microphone with it.
 * Names of errors: https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia
 */

export type Kind = 'audio' | 'video'
export const KINDS = ['audio', 'video'] as const satisfies readonly Kind[]

export type MediaTrouble = 'insecure' | 'refused' | 'missing' | 'busy' | 'gone' | 'unknown'

export interface Opened {
  tracks: readonly MediaStreamTrack[]
  troubles: Partial<Record<Kind, MediaTrouble>>
}

/** `devices` are preferences: one that is not there gives way to another. */
export async function openMedia(
  kinds: readonly Kind[],
  devices: Partial<Record<Kind, string | undefined>>,
): Promise<Opened> {
  // A page on plain http from another machine has no `mediaDevices` at all, whatever its type says.
  if (!('mediaDevices' in navigator)) {
    return { tracks: [], troubles: Object.fromEntries(kinds.map((kind) => [kind, 'insecure'])) }
  }
  const constraints: MediaStreamConstraints = {}
  for (const kind of kinds) constraints[kind] = { ...QUALITY[kind], ...ideal(devices[kind]) }
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints)
    return { tracks: stream.getTracks(), troubles: {} }
  } catch (error) {
    const [only, ...others] = kinds
    if (only === undefined) return { tracks: [], troubles: {} }
    if (others.length === 0) return { tracks: [], troubles: { [only]: troubleOf(error) } }
    // One after the other: two questions at once confuse people and some browsers.
    const first = await openMedia([only], devices)
    const rest = await openMedia(others, devices)
    return {
      tracks: [...first.tracks, ...rest.tracks],
      troubles: { ...first.troubles, ...rest.troubles },
    }
  }
}

/** 720p30 is what a call looks good at and a phone still encodes; a camera without it gives what it has. */
const QUALITY: Readonly<Record<Kind, MediaTrackConstraints>> = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, facingMode: 'user' },
}

function ideal(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId === undefined ? {} : { deviceId: { ideal: deviceId } }
}

function troubleOf(error: unknown): MediaTrouble {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    default:
      return 'unknown'
  }
}
