import { createSign, generateKeyPairSync } from 'node:crypto'

// A certificate that nobody has signed but itself (X.509, RFC 5280), in DER by hand: Node makes keys, and no certificates.

const tlv = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const size = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}
const sequence = (...parts: readonly Buffer[]) => tlv(0x30, ...parts)
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const number = (value: number) => tlv(0x02, Buffer.from([value]))
const time = (at: Date) => tlv(0x18, Buffer.from(`${at.toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`))

const ecdsaWithSha256 = sequence(hex('06 08 2a8648ce3d040302'))
const commonName = hex('06 03 550403')
const subjectAltName = hex('06 03 551d11')

/** For a host name, good from yesterday until `until`. */
export function certificateFor(host: string, until = new Date(Date.now() + 86_400_000)) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(tlv(0x31, sequence(commonName, tlv(0x0c, Buffer.from(host)))))
  const names = tlv(0x04, sequence(tlv(0x82, Buffer.from(host))))
  const from = new Date(until.getTime() - 2 * 86_400_000)
  const told = sequence(
    tlv(0xa0, number(2)),
    number(1),
    ecdsaWithSha256,
    name,
    sequence(time(from), time(until)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(sequence(subjectAltName, names))),
  )
  const signature = createSign('SHA256').update(told).sign(privateKey)
  const der = sequence(told, ecdsaWithSha256, tlv(0x03, Buffer.from([0]), signature))
  const lines = der.toString('base64').replaceAll(/(.{64})/g, '$1\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
