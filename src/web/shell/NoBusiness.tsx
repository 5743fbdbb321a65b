import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { queries, type WhoIsHere, whoIsHere } from '../api.ts'
import { signOutHere } from '../sign-out.ts'
import { Brand } from './Brand.tsx'

/** Somebody who is known, and works for nobody here: let go, or never finished opening. */
export const NoBusiness = ({ person }: Pick<WhoIsHere, 'person'>) => (
  <Outside
    title="You work for no business here."
    says={`You are signed in as ${person.email}. Ask the owner of the business for an invitation to this address, or open one of your own with a link.`}
  >
    <Button asChild look="primary" size="touch">
      <a href="/sign-up">Set up a business</a>
    </Button>
  </Outside>
)

/** The address names a business that is not theirs, or not any more: nothing of another is shown in its place. */
export function NotYours({ person, memberships }: WhoIsHere) {
  const [isSure, setSure] = useState(false)
  useEffect(() => {
    // They may have been invited a moment ago, or the sample is loaded just now.
    void queries.refetchQueries({ queryKey: whoIsHere.queryKey }).finally(() => setSure(true))
  }, [])
  if (!isSure) return null
  return (
    <Outside
      title="You do not work for the business of this address."
      says={`It may have let you go, or it was a sample studio that is gone. You are signed in as ${person.email}; somebody else’s sign-in may open it.`}
    >
      {memberships.map(({ vendor, name }, index) => (
        <Button key={vendor} asChild look={index === 0 ? 'primary' : 'plain'} size="touch">
          <Link to="/" search={{ business: vendor }}>
            Go to {name}
          </Link>
        </Button>
      ))}
    </Outside>
  )
}

const Outside = ({
  title,
  says,
  children,
}: {
  readonly title: string
  readonly says: string
  readonly children: ReactNode
}) => (
  <div className="min-h-dvh bg-background">
    <header className="px-5 py-5 md:px-12">
      <Brand />
    </header>
    <main className="max-w-[640px] px-5 py-8 text-phone md:px-12">
      <h1 tabIndex={-1} className="font-display text-h1 tracking-display text-balance md:text-title">
        {title}
      </h1>
      <p className="mt-2 text-muted-foreground">{says}</p>
      <div className="mt-6 flex flex-wrap gap-2">
        {children}
        <Button size="touch" onClick={() => void signOutHere()}>
          Sign out
        </Button>
      </div>
    </main>
  </div>
)
