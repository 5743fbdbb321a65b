/** What a picture says about itself in its first bytes; null for what is neither PNG nor JPEG. */
export type Picture = { readonly type: 'png' | 'jpeg'; readonly width: number; readonly height: number }

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

export function pictureOf(bytes: Uint8Array): Picture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length > 24 && PNG.every((byte, index) => bytes[index] === byte))
    return sized('png', view.getUint32(16), view.getUint32(20))
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? jpegOf(view) : null
}

/** The frame header is one of the segments; each says how long it is. */
function jpegOf(view: DataView): Picture | null {
  let at = 2
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null
    const kind = view.getUint8(at + 1)
    const isFrame = kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind)
    if (isFrame) return sized('jpeg', view.getUint16(at + 7), view.getUint16(at + 5))
    if (kind === 0xda) return null
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

const sized = (type: Picture['type'], width: number, height: number): Picture | null =>
  width > 0 && height > 0 ? { type, width, height } : null
