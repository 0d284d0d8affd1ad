/** How a newcomer gets to know the mesh. See `messages.ts` for the vocabulary. */
export { type Doorplate, readDoorplate } from './doorplate.ts'
export {
  commonVersion,
  type IceServer,
  type Introduction,
  MAX_ENTRANCES,
  MAX_ICE_SERVERS,
  MAX_PEERS,
  MAX_RECORD_BYTES,
  type Message,
  VERSION,
  wire,
} from './messages.ts'
