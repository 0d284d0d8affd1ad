/**
 * What home routers do, as nftables rules. The kinds are those of RFC 3489 §5, which people still know them by;
 * beside each is what RFC 4787 calls its mapping and filtering.
 */

export type Nat =
  /** Endpoint-independent mapping and filtering: whoever knows the port may come in. */
  | 'full-cone'
  /** Endpoint-independent mapping, address and port-dependent filtering: who was spoken to may answer. */
  | 'port-restricted'
  /** Address and port-dependent mapping and filtering: another port for everyone spoken to. */
  | 'symmetric'
  /** Symmetric, and no UDP at all, as in some offices. */
  | 'no-udp'

export interface Router {
  nat: Nat
  /** Address of the one machine behind it. */
  inner: string
}

/** The router's rules: its interface `wan` is in the public network, `lan` at home. */
export function rules({ nat, inner }: Router): string {
  const random = nat === 'symmetric' || nat === 'no-udp' ? 'fully-random' : ''
  return `
    table ip home {
      chain source {
        type nat hook postrouting priority srcnat
        oifname "wan" masquerade ${random}
      }
      chain destination {
        type nat hook prerouting priority dstnat
        ${nat === 'full-cone' ? `iifname "wan" meta l4proto udp dnat to ${inner}` : ''}
      }
      chain forward {
        type filter hook forward priority filter
        policy drop
        ${nat === 'no-udp' ? 'meta l4proto udp drop' : ''}
        iifname "lan" accept
        ct state established,related accept
        ct status dnat accept
      }
      # A stranger's packet that is let in here would keep its port from whoever speaks from it at home.
      chain input {
        type filter hook input priority filter
        policy drop
        iifname "lan" accept
        ct state established,related accept
      }
    }`
}
