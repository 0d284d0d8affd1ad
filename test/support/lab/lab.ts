/** A page without a page: gives a test the shipped peer, in a real browser, to do with as it likes. */
import { createNode } from '#node/index'

Object.assign(globalThis, { createNode })
