/** A certificate for WebRTC-Direct: self-signed, because what counts is its hash, which is part of the address. */
import { createHash, webcrypto } from 'node:crypto'
import 'reflect-metadata'
import { PemConverter, X509CertificateGenerator } from '@peculiar/x509'
import type { Certificate } from '../state/keep.ts'

/** Nobody checks its dates; a lifetime keeps the hash that others remember. In years. */
const LIFETIME = 20
/** As the WebRTC-Direct specification asks: https://github.com/libp2p/specs/blob/master/webrtc/webrtc-direct.md */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
/** The head of a multihash by SHA-256 of 32 bytes. */
const SHA_256 = [0x12, 0x20]

export async function makeCertificate(): Promise<Certificate> {
  const crypto = webcrypto as unknown as Crypto
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const notBefore = new Date()
  const notAfter = new Date(notBefore)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + LIFETIME)
  const made = await X509CertificateGenerator.createSelfSigned(
    { serialNumber: '01', name: 'CN=colonia', notBefore, notAfter, keys, signingAlgorithm: ALGORITHM },
    crypto,
  )
  const digest = createHash('sha256').update(new Uint8Array(made.rawData)).digest()
  return {
    privateKey: PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'),
    pem: made.toString('pem'),
    // Multibase: `u` is base64url without padding.
    certhash: `u${Buffer.from([...SHA_256, ...digest]).toString('base64url')}`,
  }
}
