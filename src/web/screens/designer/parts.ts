import type { ComponentType } from 'react'
import { lazily } from '../../lazily.tsx'
import type { DesignerPart } from './context.ts'
import type { Mode } from './modes.ts'

/** The parts of the designer that look ahead, at what is live, and at publishing. Each comes when it is opened. */
export const PARTS: { readonly [mode in Exclude<Mode, 'build'>]: ComponentType<DesignerPart> } = {
  simulate: lazily(async () => (await import('../foresight/Simulate.tsx')).Simulate),
  live: lazily(async () => (await import('../foresight/Live.tsx')).Live),
  publish: lazily(async () => (await import('../foresight/Publish.tsx')).Publish),
}
