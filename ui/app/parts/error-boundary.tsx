import { Component, type ReactNode } from 'react'
import { Trouble } from '../screens/trouble.tsx'

interface State {
  readonly failed: boolean
}

/** The session is kept in the vault, so a page that broke can be loaded again without a new login. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failed: false }

  static getDerivedStateFromError(): State {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <Trouble
        title="This page broke"
        text="Something unforeseen happened while it was drawn. Your session is not touched by that."
        advice="Try again. If it breaks once more, look into the browser’s console."
      />
    )
  }
}
