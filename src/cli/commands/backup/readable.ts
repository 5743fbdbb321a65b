import { accessSync, constants } from 'node:fs'
import { Refusal } from '../../../core/refusal.ts'

/** Said before anything is begun. */
export function readable(file: string): void {
  try {
    accessSync(file, constants.R_OK)
  } catch (error) {
    throw new Refusal('not_found', `${file} cannot be read: ${(error as Error).message}`)
  }
}
