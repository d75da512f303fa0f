/** What a page with a drawing has as `window.drawer`. */
export interface DrawerPage {
  /** ms from the beginning of the navigation until the drawing was shown. */
  readonly drawn: Promise<number>
}

declare global {
  interface Window {
    drawer: DrawerPage
  }
}
