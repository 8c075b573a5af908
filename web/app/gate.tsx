import { notifications } from "@mantine/notifications";
import { QueryClientProvider, useQuery, type QueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { countViewed, me, signOut } from "#shared/session.ts";
import { createQueryClient } from "#web/app/query-client.ts";
import { PartsBar } from "#web/app/parts-bar.tsx";
import { OutageNotice } from "#web/app/outage-notice.tsx";
import type { Standing as InForce } from "#shared/measures.ts";
import { createAppRouter } from "#web/app/router.tsx";
import { useIdleLock } from "#web/app/use-idle-lock.ts";
import { useWatch } from "#web/app/use-watch.ts";
import { call, isOutage, type RefusalCode } from "#web/call.ts";
import { calm, StandingContext } from "#web/parts/use-standing.ts";
import { MeContext, type Me } from "#web/parts/use-me.ts";
import type { ClosedBecause } from "#web/session/login.tsx";

const Login = lazy(() => import("#web/session/login.tsx").then((room) => ({ default: room.Login })));
const SetUp = lazy(() => import("#web/session/set-up.tsx").then((room) => ({ default: room.SetUp })));
const NoticeAtSignIn = lazy(() => import("#web/monitoring/notice-at-sign-in.tsx").then((room) => ({ default: room.NoticeAtSignIn })));
const StopNotice = lazy(() => import("#web/measures/stop-notice.tsx").then((room) => ({ default: room.StopNotice })));
const ReportPage = lazy(() => import("#web/incidents/report-page.tsx").then((room) => ({ default: room.ReportPage })));
const Enrol = lazy(() => import("#web/session/enrol.tsx").then((room) => ({ default: room.Enrol })));

/** The count is read again once work rests. */
const recountMilliseconds = 5000;
/** `shut`: signed in while the whole service is stopped. */
type Standing = "asking" | "open" | "shut" | ClosedBecause;
/** Replies that release people change the count of the day. */
const releasing = new Set<unknown>(["open-view", "rows", "customer"]);

/** The fragment of a set-up or invitation link. A fragment stays in the browser: the server never sees it in a URL. */
function readLink(hash: string): { kind: "setup" | "invite"; token: string } | undefined {
  const found = /^#\/(setup|invite)\/([A-Za-z0-9_-]{20,100})$/.exec(hash);
  return found === null ? undefined : { kind: found[1] as "setup" | "invite", token: found[2] ?? "" };
}

function useLink() {
  const [link, setLink] = useState(() => readLink(location.hash));
  useEffect(() => {
    const listen = () => setLink(readLink(location.hash));
    window.addEventListener("hashchange", listen);
    return () => window.removeEventListener("hashchange", listen);
  }, []);
  return link;
}

/** Stands before everything: links, sign-in, the outage notice and the lock. Behind it somebody is signed in. */
export function Gate() {
  const [standing, setStanding] = useState<Standing>("asking");
  const [outage, setOutage] = useState<RefusalCode | null>(null);
  const recount = useRef<ReturnType<typeof setTimeout>>(undefined);
  const shut = useRef(() => {});
  const [inForce, setInForce] = useState<InForce>(calm);
  const [client] = useState(() => {
    const made: QueryClient = createQueryClient({
      refusal: ({ code }) => {
        if (code === "not-signed-in") {
          setStanding((former) => (former === "open" || former === "shut" ? "ended" : former === "asking" ? "new" : former));
          // What was read must not outlive the session that was allowed to read it.
          queueMicrotask(() => made.clear());
        } else if (code === "service-stopped") shut.current();
        else if (isOutage(code)) setOutage(code);
      },
      success: (key) => {
        if (!releasing.has(key[0])) return;
        clearTimeout(recount.current);
        recount.current = setTimeout(
          () =>
            void call(countViewed)
              .then((counted) => made.setQueryData<Me>(["me"], (known) => (known === undefined ? known : { ...known, ...counted })))
              .catch(() => undefined),
          recountMilliseconds,
        );
      },
    });
    return made;
  });
  const link = useLink();
  useEffect(() => {
    shut.current = () => {
      clearTimeout(recount.current);
      setStanding((former) => (former === "open" || former === "asking" ? "shut" : former));
      notifications.clean();
      queueMicrotask(() => client.clear());
    };
  }, [client]);
  useWatch(standing === "open" || standing === "shut", {
    standing: (next) => {
      setInForce(next);
      if (next.stopped === "for-you") shut.current();
      else if (standing === "shut") setStanding("asking");
    },
    ended: (because) => {
      notifications.clean();
      close(because === "over" ? "ended" : because);
    },
  });

  function close(because: ClosedBecause) {
    clearTimeout(recount.current);
    setStanding(because);
    setInForce(calm);
    client.clear();
  }
  return (
    <StandingContext value={inForce}>
      <QueryClientProvider client={client}>
        {outage === null ? null : (
          <OutageNotice
            code={outage}
            onOpen={() => {
              setOutage(null);
              void client.resetQueries({ predicate: (query) => query.state.status === "error" });
            }}
          />
        )}
        <PartsBar />
        <Suspense fallback={null}>
          {location.pathname === "/report" ? (
            <ReportPage />
          ) : link !== undefined ? (
            link.kind === "setup" ? (
              <SetUp token={link.token} key={link.token} />
            ) : (
              <Enrol token={link.token} key={link.token} />
            )
          ) : standing === "shut" ? (
            <StopNotice
              onLeave={() =>
                void call(signOut).then(
                  () => close("new"),
                  () => close("new"),
                )
              }
            />
          ) : standing === "asking" || standing === "open" ? (
            <Inside isOutage={outage !== null} onClose={close} onOpen={() => setStanding("open")} />
          ) : (
            <Login
              because={standing}
              onSignedIn={() => {
                client.clear();
                setStanding("asking");
              }}
            />
          )}
        </Suspense>
      </QueryClientProvider>
    </StandingContext>
  );
}

function Inside({ isOutage: isAway, onOpen, onClose }: { isOutage: boolean; onOpen: () => void; onClose: (because: ClosedBecause) => void }) {
  const { data } = useQuery({ queryKey: ["me"], queryFn: () => call(me), staleTime: Infinity, enabled: !isAway });
  const [router] = useState(createAppRouter);
  useEffect(() => {
    if (data !== undefined) onOpen();
  }, [data, onOpen]);
  const leave = (because: ClosedBecause) => {
    onClose(because);
    // The screen is already closed; if this does not arrive, the session still ends by its own idle term.
    void call(signOut).catch(() => undefined);
  };
  useIdleLock(data?.idleLockSeconds, () => leave("away"));
  if (data === undefined) return null;
  if (data.noticeDue) return <NoticeAtSignIn organisation={data.organisation} onLeave={() => leave("new")} />;
  return (
    <MeContext value={data}>
      <RouterProvider router={router} context={{ signOut: () => leave("new") }} />
    </MeContext>
  );
}
