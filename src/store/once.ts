import type { Db, Scope, Sql } from '../ports.ts'

/** A transaction of one statement, written like any other: the tag sends begin, scope, statement and commit in one flight. */
export const once =
  (db: Db, name: string, scope: Scope): Sql =>
  <Row>(text: TemplateStringsArray, ...values: readonly unknown[]) =>
    db.one<Row>(name, scope, text, ...values)
