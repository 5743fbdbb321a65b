import { Download } from 'lucide-react'
import { useId, useState } from 'react'
import type { exportAnswers } from '../contract/answers.ts'
import type { Answered } from '../contract/connect.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { PasswordInput } from '../ui/Input.tsx'
import { toast } from '../ui/toasts.ts'
import { download } from './download.ts'
import { missing, problemsOf } from './screens/account/outcome.ts'
import { useSending } from './screens/account/useSending.ts'
import { triedHere } from './screens/account/whoever.ts'

type Table = Answered<typeof exportAnswers>['data']

/** Couples leave the house in a file only when who asks has said once more who they are. */
export function ExportTable({
  label,
  title,
  file,
  ask,
}: {
  readonly label: string
  readonly title: string
  readonly file: string
  readonly ask: (password: string) => Promise<{ readonly data: Table }>
}) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const { form, busy, problems, refusal, submit } = useSending(
    (values) => problemsOf(values, { password: missing('Your password') }),
    ({ password = '' }) =>
      triedHere(async () => {
        const { csv, rows, complete } = (await ask(password)).data
        download(file, 'text/csv', csv)
        setOpen(false)
        toast(
          complete
            ? `“${file}” is made`
            : `“${file}” holds the first ${rows.toLocaleString()} rows; there are more`,
        )
        return { is: 'done' }
      }),
  )
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button icon={Download}>{label}</Button>}
      title={title}
      description="The file holds what is your couples’ own. That it was made stands in the record."
      actions={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button type="submit" form={id} look="primary" busy={busy}>
            Make the file
          </Button>
        </>
      }
    >
      <form id={id} ref={form} noValidate onSubmit={submit} className="grid gap-3">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <Field label="Your password, once more" error={problems.password} required>
          <PasswordInput name="password" autoComplete="current-password" maxLength={128} />
        </Field>
      </form>
    </Dialog>
  )
}
