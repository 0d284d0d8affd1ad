/** A page without a page: gives a test the shipped peer, in a real browser, to do with as it likes. */
import type { NodeOptions } from '#node/index'

// The counter of connections must be in place before libp2p looks for the class, so it is loaded on demand.
const createNode = async (options: NodeOptions) => (await import('#node/index')).createNode(options)

Object.assign(globalThis, { createNode })
