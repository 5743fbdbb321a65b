import { type ComponentType, lazy } from 'react'
import type { DesignerPart } from './context.ts'
import type { Mode } from './modes.ts'

/** The parts of the designer that look ahead, at what is live, and at publishing. Each comes when it is opened. */
export const PARTS: { readonly [mode in Exclude<Mode, 'build'>]: ComponentType<DesignerPart> } = {
  simulate: lazy(async () => ({ default: (await import('../foresight/Simulate.tsx')).Simulate })),
  live: lazy(async () => ({ default: (await import('../foresight/Live.tsx')).Live })),
  publish: lazy(async () => ({ default: (await import('../foresight/Publish.tsx')).Publish })),
}
