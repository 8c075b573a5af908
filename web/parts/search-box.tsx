import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useKeys } from "#web/parts/use-keys.ts";
import { useWords } from "#web/words/words.ts";

/**
 * How long typing rests before it is asked. One letter or two say little yet and would show many people whom nobody
 * means; more are answered sooner, and a conversion that was just accepted is a word.
 */
function waitMilliseconds(text: string, isConverted: boolean): number {
  if (isConverted) return 60;
  return [...text].length < 3 ? 250 : 120;
}

/**
 * Search as you type: `onSearch` is called once the typing rests. A conversion of the input method never counts as
 * typed text, and its Enter never submits.
 */
export function SearchBox({
  label,
  hint,
  value,
  onSearch,
  isBusy = false,
}: {
  label: string;
  hint: string;
  value: string;
  onSearch: (text: string) => void;
  isBusy?: boolean;
}) {
  const { w } = useWords();
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const composing = useRef(false);
  const asked = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    // Follow Back and Forward, but never pull the text from under someone who is typing.
    if (value === asked.current) return;
    asked.current = value;
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useKeys({ "/": () => input.current?.select() });

  const ask = (next: string) => {
    clearTimeout(timer.current);
    if (next === asked.current) return;
    asked.current = next;
    onSearch(next);
  };
  const settle = (next: string, isConverted = false) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => ask(next), waitMilliseconds(next, isConverted));
  };

  return (
    <TextInput
      ref={input}
      type="search"
      role="searchbox"
      aria-label={label}
      aria-busy={isBusy}
      placeholder={hint}
      autoComplete="off"
      spellCheck={false}
      enterKeyHint="search"
      maxLength={200}
      value={text}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === "" ? null : (
          <CloseButton
            size="sm"
            aria-label={w.act.clear}
            onClick={() => {
              setText("");
              ask("");
              input.current?.focus();
            }}
          />
        )
      }
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        if (!composing.current) settle(next);
      }}
      onCompositionStart={() => {
        composing.current = true;
        clearTimeout(timer.current);
      }}
      onCompositionEnd={(event) => {
        composing.current = false;
        settle(event.currentTarget.value, true);
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || event.keyCode === 229) return;
        if (event.key === "Enter") ask(text);
        if (event.key === "Escape") input.current?.blur();
        if (event.key === "Enter" || event.key === "ArrowDown") input.current?.blur();
      }}
    />
  );
}
