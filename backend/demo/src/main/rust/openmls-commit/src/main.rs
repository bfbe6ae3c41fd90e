//! OpenMLS's side of `./sotto bench commit`. Takes orders from standard input, a line each, and answers each with a line:
//!
//! - `setup N`: makes a group of N members with a populated ratchet tree. Answer: `ready`.
//! - `rekey`, `add`: the last newcomer makes a commit (with a path alone, or one that adds somebody), the founder
//!   processes it. Answer: microseconds of making it, of processing it, and the commit's size in bytes.
//!
//! The tree is populated as the Java side does it: each newcomer adds the next two members. All in Suite 1, handshakes in
//! PublicMessages, adds by value, tree in the Welcome.

use std::io::{self, BufRead, Write};
use std::time::Instant;

use openmls::prelude::*;
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use tls_codec::{Deserialize, Serialize};

const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
/// As long as the credential of a member with a short name in the product.
const CREDENTIAL_BYTES: usize = 125;

/// Somebody who is not in the group yet: keys, and the KeyPackage that speaks for them.
struct Draft {
    provider: OpenMlsRustCrypto,
    signer: SignatureKeyPair,
    key_package: KeyPackageBundle,
}

struct Member {
    provider: OpenMlsRustCrypto,
    signer: SignatureKeyPair,
    group: MlsGroup,
}

fn identity() -> (SignatureKeyPair, CredentialWithKey) {
    let signer = SignatureKeyPair::new(SUITE.signature_algorithm()).expect("a signature key");
    let mut content = signer.to_public_vec();
    content.resize(CREDENTIAL_BYTES, 0);
    let credential = CredentialWithKey {
        credential: BasicCredential::new(content).into(),
        signature_key: signer.to_public_vec().into(),
    };
    (signer, credential)
}

fn draft() -> Draft {
    let provider = OpenMlsRustCrypto::default();
    let (signer, credential) = identity();
    let key_package = KeyPackage::builder()
        .build(SUITE, &provider, &signer, credential)
        .expect("a KeyPackage");
    Draft {
        provider,
        signer,
        key_package,
    }
}

fn found() -> Member {
    let provider = OpenMlsRustCrypto::default();
    let (signer, credential) = identity();
    let config = MlsGroupCreateConfig::builder()
        .ciphersuite(SUITE)
        .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
        .use_ratchet_tree_extension(true)
        .build();
    let group = MlsGroup::new(&provider, &signer, &config, credential).expect("a group");
    Member {
        provider,
        signer,
        group,
    }
}

fn decode(bytes: &[u8]) -> MlsMessageIn {
    MlsMessageIn::tls_deserialize_exact(bytes).expect("a message")
}

fn join(draft: Draft, welcome: &[u8]) -> Member {
    let MlsMessageBodyIn::Welcome(welcome) = decode(welcome).extract() else {
        panic!("not a Welcome")
    };
    let config = MlsGroupJoinConfig::builder()
        .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
        .use_ratchet_tree_extension(true)
        .build();
    let group = StagedWelcome::new_from_welcome(&draft.provider, &config, welcome, None)
        .and_then(|staged| staged.into_group(&draft.provider))
        .expect("a group from the Welcome");
    Member {
        provider: draft.provider,
        signer: draft.signer,
        group,
    }
}

impl Member {
    /// Makes a commit and encodes it, and the Welcome if somebody is added. It is merged by `confirm`.
    fn commit(
        &mut self,
        adds: Vec<KeyPackage>,
        removes: Vec<LeafNodeIndex>,
    ) -> (Vec<u8>, Option<Vec<u8>>) {
        let bundle = self
            .group
            .commit_builder()
            .force_self_update(true)
            .propose_adds(adds)
            .propose_removals(removes)
            .load_psks(self.provider.storage())
            .and_then(|loaded| {
                loaded.build(
                    self.provider.rand(),
                    self.provider.crypto(),
                    &self.signer,
                    |_| true,
                )
            })
            .expect("a commit")
            .stage_commit(&self.provider)
            .expect("a staged commit");
        let welcome = bundle.to_welcome_msg().map(|message| {
            message
                .tls_serialize_detached()
                .expect("an encoded Welcome")
        });
        let commit = bundle
            .commit()
            .tls_serialize_detached()
            .expect("an encoded commit");
        (commit, welcome)
    }

    fn confirm(&mut self) {
        self.group
            .merge_pending_commit(&self.provider)
            .expect("the own commit");
    }

    /// Verifies somebody else's commit and enters its epoch.
    fn process(&mut self, commit: &[u8]) {
        let message = decode(commit)
            .try_into_protocol_message()
            .expect("a handshake");
        let processed = self
            .group
            .process_message(&self.provider, message)
            .expect("a good commit");
        match processed.into_content() {
            ProcessedMessageContent::StagedCommitMessage(staged) => self
                .group
                .merge_staged_commit(&self.provider, *staged)
                .expect("the next epoch"),
            _ => panic!("not a commit"),
        }
    }
}

/// The founder, who processes, and the last newcomer, who commits.
struct Pair {
    founder: Member,
    last: Option<Member>,
    size: usize,
}

impl Pair {
    fn of(size: usize) -> Pair {
        let mut pair = Pair {
            founder: found(),
            last: None,
            size: 1,
        };
        while pair.size < size {
            let mut drafts: Vec<Draft> = (0..(size - pair.size).min(2)).map(|_| draft()).collect();
            let adds: Vec<KeyPackage> = drafts
                .iter()
                .map(|draft| draft.key_package.key_package().clone())
                .collect();
            pair.size += adds.len();
            let welcome = match pair.last.as_mut() {
                None => {
                    let (_, welcome) = pair.founder.commit(adds, vec![]);
                    pair.founder.confirm();
                    welcome
                }
                Some(last) => {
                    let (commit, welcome) = last.commit(adds, vec![]);
                    pair.founder.process(&commit);
                    welcome
                }
            };
            let newcomer = drafts.pop().expect("somebody was added");
            pair.last = Some(join(newcomer, &welcome.expect("a Welcome")));
        }
        pair
    }

    fn measure(&mut self, adds: bool) -> String {
        let key_packages = if adds {
            vec![draft().key_package.key_package().clone()]
        } else {
            vec![]
        };
        let last = self.last.as_mut().expect("a group of two or more");
        let start = Instant::now();
        let (commit, _) = last.commit(key_packages, vec![]);
        let made = start.elapsed();
        let start = Instant::now();
        self.founder.process(&commit);
        let processed = start.elapsed();
        last.confirm();
        if adds {
            // Leaves fill from the left, and this group had no gap.
            let (removal, _) = last.commit(vec![], vec![LeafNodeIndex::new(self.size as u32)]);
            self.founder.process(&removal);
            last.confirm();
        }
        assert_eq!(
            self.founder.group.epoch_authenticator().as_slice(),
            last.group.epoch_authenticator().as_slice()
        );
        format!(
            "{} {} {}",
            made.as_micros(),
            processed.as_micros(),
            commit.len()
        )
    }
}

fn main() {
    let mut pair = None;
    for line in io::stdin().lock().lines() {
        let line = line.expect("an order");
        let answer = match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["setup", size] => {
                pair = Some(Pair::of(size.parse().expect("a number")));
                "ready".to_string()
            }
            ["rekey"] => pair.as_mut().expect("setup comes first").measure(false),
            ["add"] => pair.as_mut().expect("setup comes first").measure(true),
            _ => panic!("unknown order"),
        };
        println!("{answer}");
        io::stdout().flush().expect("an answer");
    }
}
