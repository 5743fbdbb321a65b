import { Button } from '../../ui/Button.tsx'
import { signOutHere } from '../sign-out.ts'
import { Brand } from './Brand.tsx'

/** Somebody who is known, and works for nobody here: let go, or never finished opening. */
export function NoBusiness({ person }: { readonly person: { readonly email: string } }) {
  return (
    <div className="min-h-dvh bg-background">
      <header className="px-5 py-5 md:px-12">
        <Brand />
      </header>
      <main className="max-w-[640px] px-5 py-8 text-phone md:px-12">
        <h1 tabIndex={-1} className="font-display text-h1 tracking-display text-balance md:text-title">
          You work for no business here.
        </h1>
        <p className="mt-2 text-muted-foreground">
          You are signed in as {person.email}. Ask the owner of the business for an invitation to this
          address, or open one of your own with a link.
        </p>
        <div className="mt-6 flex flex-wrap gap-2">
          <Button asChild look="primary" size="touch">
            <a href="/sign-up">Set up a business</a>
          </Button>
          <Button size="touch" onClick={() => void signOutHere()}>
            Sign out
          </Button>
        </div>
      </main>
    </div>
  )
}
