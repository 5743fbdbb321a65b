import { useState } from 'react'
import { beginSecondFactor, confirmSecondFactor, endSecondFactor } from '../../../contract/accounts.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, PasswordInput } from '../../../ui/Input.tsx'
import { Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, queries, whoIsHere } from '../../api.ts'
import { missing, problemsOf } from '../account/outcome.ts'
import { useSending } from '../account/useSending.ts'
import { tried } from '../account/whoever.ts'

type Begun = { readonly uri: string; readonly backupCodes: readonly string[] }

/** A code of the phone beside the password: switched on only when its first code was right. */
export function SecondFactor({ on }: { readonly on: boolean }) {
  const [begun, setBegun] = useState<Begun | null>(null)
  return (
    <Section title="Second factor" meta={on ? 'on' : 'off'}>
      {begun ? <Confirm begun={begun} onDone={() => setBegun(null)} /> : <Ask on={on} onBegun={setBegun} />}
    </Section>
  )
}

const known = () => queries.invalidateQueries({ queryKey: whoIsHere.queryKey })

function Ask({ on, onBegun }: { readonly on: boolean; readonly onBegun: (begun: Begun) => void }) {
  const { form, busy, problems, refusal, submit } = useSending(
    (values) => problemsOf(values, { password: missing('Your password') }),
    ({ password = '' }) =>
      tried(async () => {
        if (on) {
          await api(endSecondFactor, { body: { password } })
          form.current?.reset()
          await known()
          toast('The second factor is off')
        } else onBegun((await api(beginSecondFactor, { body: { password } })).data)
        return { is: 'done' }
      }),
  )
  return (
    <form ref={form} noValidate onSubmit={submit} className="grid max-w-[440px] gap-3 py-2">
      <p className="text-muted-foreground">
        {on
          ? 'Signing in asks for a code of your phone.'
          : 'With it, a stolen password alone opens nothing. You need an app that shows codes on your phone.'}
      </p>
      {refusal && <Banner kind="danger" live title={refusal} />}
      <Field label="Your password" error={problems.password} required>
        <PasswordInput name="password" autoComplete="current-password" />
      </Field>
      <div>
        <Button type="submit" look={on ? 'quiet-danger' : 'primary'} busy={busy}>
          {on ? 'Switch it off' : 'Begin'}
        </Button>
      </div>
    </form>
  )
}

const secretOf = (uri: string): string =>
  (new URL(uri).searchParams.get('secret') ?? '').replaceAll(/(.{4})(?=.)/g, '$1 ')

function Confirm({ begun, onDone }: { readonly begun: Begun; readonly onDone: () => void }) {
  const { form, busy, problems, refusal, submit } = useSending(
    (values) =>
      problemsOf(values, {
        code: (code) => (/^\d{6}$/.test(code.replaceAll(/\s/g, '')) ? null : 'Six figures.'),
      }),
    ({ code = '' }) =>
      tried(async () => {
        await api(confirmSecondFactor, { body: { code: code.replaceAll(/\s/g, '') } })
        // The session was renewed, and its token with it.
        await known()
        onDone()
        toast('The second factor is on')
        return { is: 'done' }
      }),
  )
  return (
    <div className="grid gap-4 py-2">
      <div>
        <p className="font-strong">1. Tell your phone</p>
        <p className="text-muted-foreground">
          In the app, add an account and type this, or{' '}
          <a href={begun.uri} className="font-medium text-link underline-offset-[3px] hover:underline">
            open it in an app on this device
          </a>
          .
        </p>
        <code className="mt-1 inline-block rounded-xs bg-sunken px-2 py-1 font-mono select-all [overflow-wrap:anywhere]">
          {secretOf(begun.uri)}
        </code>
      </div>
      <div>
        <p className="font-strong">2. Keep these spare codes</p>
        <p className="text-muted-foreground">
          Each opens once, when the phone is not at hand. They are shown this once.
        </p>
        <ul className="mt-1 grid w-fit grid-cols-2 gap-x-6 rounded-xs bg-sunken px-2 py-1 font-mono">
          {begun.backupCodes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </div>
      <form ref={form} noValidate onSubmit={submit} className="grid max-w-[440px] gap-3">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <Field label="3. The code your phone shows now" error={problems.code} required>
          <Input name="code" autoComplete="one-time-code" inputMode="numeric" />
        </Field>
        <div className="flex gap-2">
          <Button type="submit" look="primary" busy={busy}>
            Switch it on
          </Button>
          <Button onClick={onDone}>Leave it off</Button>
        </div>
      </form>
    </div>
  )
}
