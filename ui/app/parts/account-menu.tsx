import { useId, useRef } from 'react'
import { useProfile, useUserMetadata, type SessionCommands } from '../../react/index.ts'
import { changedKeys } from '../metadata/draft.ts'
import { useDraft } from '../metadata/draft-keeper.tsx'
import { Avatar } from './avatar.tsx'
import { Chevron } from './icons.tsx'
import { LeaveDialog } from './leave-dialog.tsx'

interface AccountMenuProps {
  readonly subject: string
  readonly logout: SessionCommands['logout']
}

type Way = 'app' | 'provider'

const ways = [
  { from: 'app', title: 'Log out', text: 'of this app, in all its tabs' },
  { from: 'provider', title: 'Log out of the provider as well', text: 'so that the next login asks for the password' },
] as const satisfies readonly { from: Way; title: string; text: string }[]

/** What leaving would lose: changes that the session has not saved yet, and what is typed and not handed over. */
function useUnsaved(subject: string): readonly string[] {
  const { raw, unsavedKeys } = useUserMetadata()
  const [draft] = useDraft(subject)
  return [...new Set([...unsavedKeys, ...changedKeys(draft, raw ?? {})])]
}

export function AccountMenu({ subject, logout }: AccountMenuProps) {
  const id = useId()
  const { profile } = useProfile()
  const menu = useRef<HTMLDivElement>(null)
  const leaving = useRef<HTMLDialogElement>(null)
  const asked = useRef<Way>('app')
  const unsaved = useUnsaved(subject)
  const name = profile?.name ?? profile?.email ?? subject

  const leave = (from: Way) => {
    menu.current?.hidePopover()
    asked.current = from
    if (unsaved.length > 0) leaving.current?.showModal()
    else logout({ from })
  }

  return (
    <>
      <button type="button" className="account" popoverTarget={id} aria-label={`Account menu, ${name}`}>
        <Avatar name={name} picture={profile?.picture} size="small" />
        <span className="account-name">{name}</span>
        <Chevron />
      </button>
      <div ref={menu} id={id} popover="auto" className="menu">
        <p className="menu-head">
          <strong className="wrap">{name}</strong>
          <span className="soft small wrap">{profile?.email ?? subject}</span>
        </p>
        {ways.map(({ from, title, text }) => (
          <button
            key={from}
            type="button"
            className="menu-item"
            aria-labelledby={`${id}-${from}`}
            aria-describedby={`${id}-${from}-text`}
            onClick={() => leave(from)}
          >
            <span id={`${id}-${from}`}>{title}</span>
            <span id={`${id}-${from}-text`} className="soft small">
              {text}
            </span>
          </button>
        ))}
      </div>
      <LeaveDialog ref={leaving} unsaved={unsaved} onLeave={() => logout({ from: asked.current })} />
    </>
  )
}
