/** Meeting by hand: an invitation and a reply as text, when nobody else can carry a handshake. */
export { midOf, rebuild, reduce } from './description.ts'
export { type Handshake, MAX_WAYS, type Message, NONCE_BYTES, type Of, wire } from './messages.ts'
export { find, MAX_PASTED, MAX_TEXT, type Signed, type TextFault, write } from './text.ts'
export { type Fault, faultOfInvitation, faultOfReply, HORIZON, LIFE } from './validity.ts'
