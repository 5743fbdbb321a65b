import type { LucideIcon } from 'lucide-react'
import { classNames } from './class-names.ts'

export type IconShape = LucideIcon
const PX = {
  10: 'size-[10px]',
  12: 'size-3',
  14: 'size-3.5',
  16: 'size-4',
  18: 'size-[18px]',
  20: 'size-5',
  22: 'size-[22px]',
}

/** 24 grid, 1.75 stroke, in the text's colour. It decorates a word and is never read out; lone icons sit in an IconButton. */
export function Icon({
  of: Shape,
  size = 16,
  className,
}: {
  readonly of: IconShape
  readonly size?: keyof typeof PX
  readonly className?: string
}) {
  return (
    <Shape aria-hidden="true" strokeWidth={1.75} className={classNames('shrink-0', PX[size], className)} />
  )
}
