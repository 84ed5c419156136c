import { frame, text } from './frame.ts';

/** A program on this machine asks to be signed in, by way of an address that any program here might open. */
export const confirmProgramPage = (program: string, person: string, action: string): string =>
  frame(
    'Sign in a program?',
    `<p>${text(program)} on this machine asks to act as <strong>${text(person)}</strong>.</p>
    <p class="quiet">Only if you have just started it. You can sign it out again on your account page.</p>
    <form method="post" action="${text(action)}">
      <button name="answer" value="yes" class="main">Sign it in</button>
      <button name="answer" value="no">No</button>
    </form>`,
  );

export const deviceCodePage = (form: string, wasWrong: boolean): string =>
  frame(
    'Sign in a device',
    `<p>Type the code that your device shows.</p>
    ${wasWrong ? '<p class="fault" role="alert">This code is not known, or not any more. Ask your device for another.</p>' : ''}
    ${form}
    <button type="submit" form="op.deviceInputForm" class="main">Go on</button>`,
  );

export const confirmDevicePage = (form: string, userCode: string): string =>
  frame(
    'Sign in this device?',
    `<p>The command line on a device asks to act as you. It shows this code:</p>
    <p class="code">${text(userCode)}</p>
    <p class="quiet">Somebody sent you here? Then say no: they would be signed in as you.</p>
    ${form}
    <button type="submit" form="op.deviceConfirmForm" class="main">My device shows it: sign it in</button>
    <button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">No</button>`,
  );

export const deviceDonePage = (): string =>
  frame('Signed in', '<p>Your device is signed in. You can close this page.</p>');

/** Where browsers come back to that have no flow of their own; the extension closes the tab. */
export const landingPage = (): string => frame('Signed in', '<p>You can close this page.</p>');

/** What went wrong, for people; and in the standard's words, for those who run this. */
export const problemPage = (code: string, why = ''): string =>
  frame(
    'This sign-in does not work',
    `<p class="fault" role="alert">${SENTENCES[code] ?? 'Start it again where you came from.'}</p>
    <p class="quiet">For your platform team: <code>${text([code, why].filter(Boolean).join(': '))}</code></p>`,
  );

const SENTENCES: Record<string, string> = {
  invalid_redirect_uri:
    'The program that began it is not known here. Is it the extension? FINGERPOST_EXTENSIONS names those that are.',
  invalid_client: 'The program that began it is not known here.',
};
