import { Link } from '@tanstack/react-router'
import { Button } from '../ui/Button.tsx'
import { Eyebrow, Lede } from '../ui/Type.tsx'
import { isRefused } from './api.ts'
import { useHere } from './session.ts'

type Noun = 'couple' | 'journey' | 'form' | 'message' | 'import'
const ROOMS = {
  couple: { to: '/clients', name: 'Clients', all: 'See all couples' },
  journey: { to: '/journeys', name: 'Journeys', all: 'See all journeys' },
  form: { to: '/forms', name: 'Forms', all: 'See all forms' },
  message: { to: '/messages', name: 'Messages', all: 'See all messages' },
  import: { to: '/clients/import', name: 'Bring couples in', all: 'See what came in lately' },
} as const

/** Asking again would change nothing: there is none, or it is not theirs to see. */
export const isNotHere = (error: unknown): boolean => isRefused(error, 'not_found', 'invalid')

/** An address that leads to nothing of this business: said alike of whatever was looked for. */
export function useNotHere(noun: Noun) {
  const { business } = useHere()
  return {
    ...ROOMS[noun],
    title: `No ${noun} of ${business} is known by this address.`,
    why: `The link may be old, or it leads to ${noun === 'import' ? 'an' : 'a'} ${noun} of another business.`,
  }
}

/** In the place of a room: what is not here, why, and the doors to where one meant to be. */
export function NotHere({ noun }: { readonly noun: Noun }) {
  const { vendor: here, businesses } = useHere()
  const { to, name, all, title, why } = useNotHere(noun)
  return (
    <>
      <Eyebrow>
        <Link to={to} className="rounded-xs hover:underline">
          {name}
        </Link>
      </Eyebrow>
      <Lede>{title}</Lede>
      <p className="mt-2 max-w-[60ch] text-muted-foreground">{why}</p>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button asChild look="primary">
          <Link to={to}>{all}</Link>
        </Button>
        {businesses
          .filter(({ vendor }) => vendor !== here)
          .map(({ vendor, name }) => (
            <Button key={vendor} asChild>
              <Link to="." search={(now) => ({ ...now, business: vendor })}>
                Look in {name}
              </Link>
            </Button>
          ))}
      </div>
    </>
  )
}
