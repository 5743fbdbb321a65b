import { Link } from '@tanstack/react-router'
import type { Problem } from '../../../core/problem.ts'
import { Button } from '../../../ui/Button.tsx'

const PART = { 'settings/letters': 'letters' } as const satisfies {
  readonly [at in NonNullable<Problem['mendAt']>]: string
}

/** What no edit of the journey mends leads to where it is mended. */
export const MendElsewhere = ({ at }: { readonly at: NonNullable<Problem['mendAt']> }) => (
  <Button asChild size="sm">
    <Link to="/settings/$part" params={{ part: PART[at] }}>
      Enter it
    </Link>
  </Button>
)
