/**
 * The ring: two soft notes, made on the spot, so that no sound file travels. Incoming it is a little chime;
 * outgoing a low, quiet tone that says "it rings over there".
 */

/** Notes in hertz with their start in seconds; a round lasts `period` seconds. Chosen by ear. */
const TUNES = {
  incoming: {
    notes: [
      [659.3, 0],
      [784, 0.22],
      [987.8, 0.44],
    ],
    length: 0.7,
    gain: 0.12,
    period: 2.6,
  },
  outgoing: {
    notes: [
      [392, 0],
      [440, 0.02],
    ],
    length: 1.1,
    gain: 0.035,
    period: 4,
  },
} as const

/** Rings until the function it returns is called. A browser that wants a gesture first stays silent. */
export function ring(tune: keyof typeof TUNES): () => void {
  const { notes, length, gain, period } = TUNES[tune]
  const audio = new AudioContext()

  function round(): void {
    // Before the first touch browsers refuse to vibrate, and complain in the console.
    if (tune === 'incoming' && touched()) navigator.vibrate?.([180, 120, 180])
    for (const [frequency, start] of notes) {
      const from = audio.currentTime + start
      const oscillator = new OscillatorNode(audio, { type: 'sine', frequency })
      const envelope = new GainNode(audio, { gain: 0 })
      envelope.gain.setValueAtTime(0, from)
      envelope.gain.linearRampToValueAtTime(gain, from + 0.03)
      envelope.gain.exponentialRampToValueAtTime(0.0001, from + length)
      oscillator.connect(envelope).connect(audio.destination)
      oscillator.start(from)
      oscillator.stop(from + length)
    }
  }

  round()
  const timer = setInterval(round, period * 1000)
  return () => {
    clearInterval(timer)
    if (touched()) navigator.vibrate?.(0)
    void audio.close()
  }
}

function touched(): boolean {
  return navigator.userActivation?.hasBeenActive ?? false
}
