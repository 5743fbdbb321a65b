import { readFileSync } from 'node:fs'
import { Refusal } from '../core/refusal.ts'

/** A text that somebody wrote; `-` is standard input. What is not UTF-8 is refused rather than guessed at. */
export function readTextFile(file: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file === '-' ? 0 : file)
  } catch (error) {
    throw new Refusal('not_found', `${file} cannot be read: ${(error as Error).message}`)
  }
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  try {
    return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Refusal('invalid', `${file} is not UTF-8. Save it again as "CSV UTF-8" or "UTF-8".`)
  }
}
