//! The words that decided: where in the text the features stand that said the most, as it was typed.

use std::ops::Range;

use super::grams::Grams;

/// How many words are told.
const TOLD: usize = 3;
/// The longest word told, in characters.
const LONGEST: usize = 6;
/// A pair belongs to a word if it says at least this part of what the strongest pair says.
const STRONG: f32 = 0.35;

/// The words of a text that said the most, the strongest first. `shares` is what each bucket of [`Grams::counts`] says.
pub(super) fn words(grams: &Grams, shares: &[f32]) -> Vec<String> {
    let told = strongest(grams, shares, |c| !is_faint(c));
    if told.is_empty() { strongest(grams, shares, |_| true) } else { told }
}

/// The same, of characters that are worth telling.
fn strongest(grams: &Grams, shares: &[f32], tells: impl Fn(char) -> bool) -> Vec<String> {
    let chars = grams.chars();
    let mut pairs = vec![0.0_f32; chars.len()];
    let mut singles = vec![0.0_f32; chars.len()];
    for gram in grams.all() {
        let at = usize::from(gram.at);
        if !tells(chars[at]) || gram.is_pair && !tells(chars[at + 1]) {
            continue;
        }
        let share = shares.get(usize::from(gram.index)).copied().unwrap_or_default();
        if gram.is_pair { pairs[at] = share } else { singles[at] = share }
    }
    let strongest = pairs.iter().copied().fold(0.0, f32::max);
    if strongest <= 0.0 {
        return Vec::new();
    }
    let mut found: Vec<(f32, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < pairs.len() {
        let linked =
            pairs[at..].iter().take(LONGEST - 1).take_while(|pair| **pair >= strongest * STRONG).count();
        if linked == 0 {
            at += 1;
            continue;
        }
        let chars = at..at + linked + 1;
        let said = pairs[at..at + linked].iter().sum::<f32>();
        let said = said + singles[chars.clone()].iter().map(|single| single.max(0.0)).sum::<f32>();
        at = chars.end;
        found.push((said, chars));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
    let mut told: Vec<String> = Vec::new();
    for (_, chars) in found {
        let word = grams.typed(chars);
        if !word.is_empty() && !told.iter().any(|said| said.contains(word)) {
            told.push(word.to_owned());
        }
        if told.len() == TOLD {
            break;
        }
    }
    told
}

/// A pair with one of these in it is no word that anybody would give as a reason.
const fn is_faint(c: char) -> bool {
    matches!(
        c,
        '的' | '了'
            | '是'
            | '在'
            | '我'
            | '你'
            | '您'
            | '他'
            | '她'
            | '它'
            | '们'
            | '这'
            | '那'
            | '也'
            | '都'
            | '就'
            | '还'
            | '又'
            | '很'
            | '太'
            | '和'
            | '与'
            | '或'
            | '及'
            | '把'
            | '被'
            | '让'
            | '对'
            | '从'
            | '到'
            | '给'
            | '而'
            | '且'
            | '但'
            | '呢'
            | '吗'
            | '吧'
            | '啊'
            | '请'
            | '个'
            | '些'
            | '什'
            | '么'
    )
}
