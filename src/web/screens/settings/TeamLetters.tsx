import { useQuery } from '@tanstack/react-query'
import { changeChannels, readChannels } from '../../../contract/channels.ts'
import { Switch } from '../../../ui/Checkbox.tsx'
import { Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'

/** Whether those who work here are told by mail what came to wait for them. */
export function TeamLetters() {
  const { vendor, may } = useHere()
  const channels = useQuery(asks(readChannels, { params: { vendor } }))
  const { busy, act } = useDoing()
  const write = async (letters: boolean, ifMatch: string): Promise<void> => {
    await api(changeChannels, { params: { vendor }, body: { team: { letters } }, ifMatch })
    await askAgain(readChannels)
  }
  const turn = (letters: boolean): void =>
    act(async () => {
      await write(letters, channels.data?.etag ?? '*')
      toast(letters ? 'You are told by mail' : 'Nobody is told by mail', {
        undo: () => act(() => write(!letters, '*')),
      })
    })
  return (
    <Section title="Told by mail">
      <Answer of={channels} lines={2}>
        {({ data }) => (
          <div className="grid gap-2 py-2">
            <p className="max-w-[60ch] text-muted-foreground">
              A yes or a task that waits, a note of a journey, something to look at: whoever may answer gets a
              letter with what is new, once an hour at most, and none for what is done within two minutes.
            </p>
            {may(changeChannels) ? (
              <Switch checked={data.team.letters} disabled={busy} onChange={turn}>
                Letters about what waits
              </Switch>
            ) : (
              <p>{data.team.letters ? 'It is switched on.' : 'It is switched off.'}</p>
            )}
          </div>
        )}
      </Answer>
    </Section>
  )
}
