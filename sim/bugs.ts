import type { Senders } from '../src/engine/senders.ts'
import type { Db } from '../src/ports.ts'
import type { House } from './processes.ts'

/** A bug planted from outside: the product's own code stays as it is. */
export type Bug = {
  readonly name: string
  readonly what: string
  readonly rewrite?: (text: TemplateStringsArray) => TemplateStringsArray
  readonly db?: (db: Db, house: House) => Db
  readonly senders?: (senders: Senders) => Senders
}
