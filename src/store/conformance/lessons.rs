//! Stories of what the history teaches.

use super::*;
use crate::domain::amendment::Amendment;
use crate::domain::learning::Taught;
use crate::store::lessons;

engines! {
    what_people_decide_teaches_in_the_order_of_the_feed,
    a_confidential_case_teaches_nothing,
    of_what_was_learned_the_farthest_is_kept,
}

/// All that is taught, read in pages of one event.
fn all(city: &City) -> Vec<(String, Taught)> {
    let (mut taught, mut place) = (Vec::new(), 0);
    loop {
        let page = city.read(|tx| lessons::since(tx, place, 1)).unwrap();
        place = page.place;
        taught.extend(page.lessons.into_iter().map(|lesson| (lesson.text, lesson.taught)));
        if page.events == 0 {
            return taught;
        }
    }
}

fn led(by: &str, not: Option<&str>) -> Taught {
    Taught::Department { is: by.parse().unwrap(), not: not.map(|code| code.parse().unwrap()) }
}

fn lead() -> &'static Actor {
    static LEAD: LazyLock<&Actor> = LazyLock::new(|| person("zhiban", Role::Lead, &[]));
    *LEAD
}

async fn done(city: &City, case: crate::domain::case::Case, act: Act) -> crate::domain::case::Case {
    city.act(ActOrder { actor: lead(), ..acting(&case, act) }).await.unwrap().case
}

async fn what_people_decide_teaches_in_the_order_of_the_feed(city: City) {
    let mut filing = filing("喷泉不开");
    filing.intake.matter = "0102".parse().ok();
    let case = city.file(Filing { outcome: FirstAct::Dispatch(order("gc")), ..filing }).await.unwrap().case;
    let amended = Amendment {
        matter: Some("0202".parse().ok()),
        text: Some("喷泉臭".to_owned()),
        ..Amendment::default()
    };
    let case = done(&city, case, Act::Amend(Box::new(amended))).await;
    let case = done(&city, case, Act::Remind { by_caller: true, text: "快".to_owned() }).await;
    let sent_back = Act::Return { department: "gc".parse().unwrap(), reason: "不归我们".to_owned() };
    let case = done(&city, case, sent_back).await;
    let case = done(&city, case, Act::Dispatch(order("hb"))).await;
    let reason = "错派".to_owned();
    done(&city, case, Act::Redispatch { order: order("sz"), reason }).await;

    let (before, after) = ("喷泉不开\n喷泉不开", "喷泉不开\n喷泉臭");
    let matter = |is: &str, not: Option<&str>| Taught::Matter {
        is: is.parse().unwrap(),
        not: not.map(|code| code.parse().unwrap()),
    };
    let expected = [
        (before, matter("0102", None)),
        (before, led("gc", None)),
        (after, matter("0202", Some("0102"))),
        (after, Taught::Returned { by: "gc".parse().unwrap() }),
        (after, led("hb", None)),
        (after, led("sz", Some("hb"))),
    ];
    city.told(7).await;
    assert_eq!(all(&city), expected.map(|(text, taught)| (text.to_owned(), taught)));
}

async fn a_confidential_case_teaches_nothing(city: City) {
    let mut filing = filing("厂里有人偷排");
    filing.intake.matter = "0202".parse().ok();
    filing.intake.kind = Kind::Report;
    city.file(Filing { outcome: FirstAct::Dispatch(order("hb")), ..filing }).await.unwrap();
    city.told(2).await;
    assert!(all(&city).is_empty());
}

async fn of_what_was_learned_the_farthest_is_kept(city: City) {
    let kept = || city.read(|tx| lessons::kept(tx)).unwrap();
    assert_eq!(kept(), None);
    for (place, model, now) in [(5, b"five", 5), (3, b"thre", 5), (8, b"eigh", 8)] {
        city.store.write(move |tx| lessons::keep(tx, place, model)).await.unwrap();
        assert_eq!(kept().unwrap().0, now);
    }
    assert_eq!(kept(), Some((8, b"eigh".to_vec())));
    city.store.write(lessons::forget).await.unwrap();
    assert_eq!(kept(), None);
}
