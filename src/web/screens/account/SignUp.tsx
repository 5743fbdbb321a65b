import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { AccountFrame } from './AccountFrame.tsx'
import { emailProblem, type Outcome, problemsOf } from './outcome.ts'
import { useSending } from './useSending.ts'

/** Asks for the link by which a business is opened: the address is theirs before anything is kept. */
export function SignUp({
  onAsk,
  signInHref,
}: {
  readonly onAsk: (who: { email: string }) => Promise<Outcome>
  readonly signInHref: string
}) {
  const { form, busy, problems, outcome, refusal, submit } = useSending(
    (values) => problemsOf(values, { email: emailProblem }),
    ({ email = '' }) => onAsk({ email: email.trim() }),
  )
  if (outcome?.is === 'done')
    return (
      <AccountFrame
        title="Look into your mail"
        intro="A link is on its way, if this address can be used here. It opens your business and works once."
      >
        <p className="text-muted-foreground">
          Nothing after some minutes? Look among the unwanted mail, or{' '}
          <a href="/sign-up" className={LINK}>
            ask again
          </a>
          .
        </p>
      </AccountFrame>
    )
  return (
    <AccountFrame
      title="Set up your business"
      intro={
        <>
          About two minutes, and nothing is sent to anybody until you say so. Been here before?{' '}
          <a href={signInHref} className={`${LINK} whitespace-nowrap`}>
            Sign in
          </a>
        </>
      }
    >
      <form ref={form} noValidate onSubmit={submit} className="grid gap-4">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <Field label="Your email" error={problems.email} required hint="The link to begin is sent there.">
          <Input
            name="email"
            type="email"
            size="touch"
            autoComplete="email"
            autoCapitalize="off"
            spellCheck={false}
          />
        </Field>
        <Button type="submit" look="primary" size="touch" busy={busy} block>
          {busy ? 'Sending the link' : 'Send me the link'}
        </Button>
      </form>
    </AccountFrame>
  )
}
