import { createLucideIcon } from 'lucide-react'

/** Two rings that hold each other; the icon set has none. */
export const Rings = createLucideIcon('rings', [
  ['circle', { cx: '9', cy: '13.5', r: '5.5', key: 'left' }],
  ['circle', { cx: '15', cy: '10.5', r: '5.5', key: 'right' }],
])
