import type { ComponentType } from 'react'
import type { JsonObject } from '../../../core/ids.ts'
import type { Problem } from '../../../core/problem.ts'
import type { View } from '../../../core/run/view.ts'
import { lazily } from '../../lazily.tsx'

/** What the hand-made panel of a module type is given: `src/modules/<type>/panel.tsx` exports it as `Panel`. */
export type PanelProps = {
  readonly config: JsonObject
  /** Typing gives the same `burst` again and again (the field's name): one burst is one step back. */
  /** With a `version`, the step becomes one of that version of its type. */
  readonly onChange: (config: JsonObject, burst?: string, version?: number) => void
  /** What is wrong inside this configuration; `path` is a pointer into it, such as /subject. */
  readonly problems: readonly Problem[]
  /** The chosen couple, for a preview; null while there is none. */
  readonly client: { readonly id: string | null; readonly name: string; readonly view: View } | null
  /** Merge fields that may be written here. */
  readonly fields: readonly string[]
}

const found = import.meta.glob<ComponentType<PanelProps>>('../../../modules/*/panel.tsx', { import: 'Panel' })

/** By module type; each comes when a step of its type is opened. A type without one gets a panel made from its schema. */
const PANELS: ReadonlyMap<string, ComponentType<PanelProps>> = new Map(
  Object.entries(found).map(([file, load]) => [file.split('/').at(-2) ?? '', lazily(load)]),
)

export const panelOf = (type: string): ComponentType<PanelProps> | null => PANELS.get(type) ?? null
