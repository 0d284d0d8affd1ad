/** Whether this browser, on this address, can make calls at all; asked before anything heavy is loaded. */

/** What is missing, by the names that browsers' documentation uses; empty when nothing is. */
export function missingFeatures(): string[] {
  const needed: Readonly<Record<string, boolean>> = {
    WebRTC: 'RTCPeerConnection' in globalThis,
    WebSocket: 'WebSocket' in globalThis,
    IndexedDB: 'indexedDB' in globalThis,
    'Web Locks': 'locks' in navigator,
    'Web Crypto': globalThis.crypto?.subtle !== undefined,
  }
  return Object.keys(needed).filter((feature) => !needed[feature])
}
