import { Link } from '@tanstack/react-router'
import { LINK } from '../../../ui/Type.tsx'

/** The place where a new journey begins from a finished one. */
export const FromTemplate = () => (
  <p className="mt-5 border-t border-border pt-3 text-muted-foreground">
    Or begin from a finished one:{' '}
    <Link to="/templates" className={LINK}>
      look at the templates
    </Link>
    .
  </p>
)
