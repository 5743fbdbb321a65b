import { type ComponentType, lazy } from 'react'
import type { DesignerPart } from './context.ts'
import type { Mode } from './modes.ts'

const foresight = import.meta.glob<ComponentType<DesignerPart>>('../foresight/{Simulate,Live,Publish}.tsx', {
  import: '*',
}) as unknown as { readonly [file: string]: () => Promise<Record<string, ComponentType<DesignerPart>>> }

const partOf = (name: string): ComponentType<DesignerPart> | null => {
  const load = foresight[`../foresight/${name}.tsx`]
  if (!load) return null
  return lazy(async () => {
    const part = (await load())[name]
    if (!part) throw new Error(`foresight/${name}.tsx exports no ${name}`)
    return { default: part }
  })
}

/** The parts of the designer that look ahead, at what is live, and at publishing. Each comes when it is opened. */
export const PARTS: { readonly [mode in Exclude<Mode, 'build'>]: ComponentType<DesignerPart> | null } = {
  simulate: partOf('Simulate'),
  live: partOf('Live'),
  publish: partOf('Publish'),
}
