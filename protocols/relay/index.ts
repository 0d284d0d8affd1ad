/** How peers carry each other's handshakes. See `messages.ts`. */
export { MAX_PATH, type Message, type Refusal, wire } from './messages.ts'
