import type { JsonObject } from '../core/ids.ts'
import type { Anchors } from '../core/wedding/anchor.ts'

/** What a text may mention: personal, so it is opened for one rendering and kept nowhere. */
export type MessageFacts = {
  readonly vendor: { readonly name: string; readonly zone: string }
  readonly language: string
  readonly recipient: PersonFacts | null
  readonly people: { readonly [ref: string]: PersonFacts }
  readonly wedding: { readonly status: string; readonly zone: string | null; readonly guests: number | null } | null
  readonly anchors: Anchors
  readonly fields: JsonObject
  readonly answers: { readonly [form: string]: JsonObject }
  /** Texts of late messages that are told inside this one, by node. */
  readonly merged: readonly { readonly node: string; readonly config: JsonObject }[]
  readonly now: number
}

export type PersonFacts = {
  readonly ref: string
  readonly name: string
  readonly firstName: string
  readonly email: string | null
  readonly phone: string | null
}

/** The sealed document of a person's row. */
export type PersonDocument = { name: string; firstName: string; email: string | null; phone: string | null; address?: string | null }
