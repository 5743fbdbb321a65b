/** A logo as letters need it: at most this wide, as a PNG in base64; null for what no browser can draw. */
const WIDTH_MAX = 480
const HEIGHT_MAX = 240

export async function smallPicture(file: Blob): Promise<string | null> {
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (bitmap === null) return null
  const scale = Math.min(1, WIDTH_MAX / bitmap.width, HEIGHT_MAX / bitmap.height)
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return canvas.toDataURL('image/png').split(',')[1] ?? null
}

/** The one that is kept now, as it would be sent; null where it cannot be read. */
export async function pictureAt(url: string): Promise<string | null> {
  const answer = await fetch(url).catch(() => null)
  return answer?.ok ? smallPicture(await answer.blob()) : null
}
