import { Check, Spinner } from '../parts/icons.tsx'
import type { LoginStep } from '../../react/index.ts'

const words = {
  redirecting: { title: 'Taking you to the login page', text: 'Your provider asks for your name and password there.' },
  inPopup: {
    title: 'Log in in the window',
    text: 'The login page is open in a window of its own. This page goes on by itself.',
  },
  completing: { title: 'Finishing your login', text: 'You are back; the provider’s answer is being checked.' },
  relaying: { title: 'You can close this window', text: 'You are logged in, and the app goes on where you left it.' },
} satisfies Record<LoginStep, { title: string; text: string }>

export function SigningIn({ step, cancel }: { readonly step: LoginStep; readonly cancel: () => void }) {
  const { title, text } = words[step]
  const canCancel = step === 'redirecting' || step === 'inPopup'
  return (
    <div className="card card-narrow waiting">
      {step === 'relaying' ? <Check /> : <Spinner />}
      <h1 tabIndex={-1}>{title}</h1>
      <p className="soft">{text}</p>
      {canCancel && (
        <button type="button" className="button" onClick={cancel}>
          Cancel
        </button>
      )}
    </div>
  )
}
